$stdout.sync = true
mutex = Mutex.new
balance = { savings: 100, wallet: 0 }
halfway, finish = Queue.new, Queue.new

worker = Thread.new do
  mutex.synchronize do
    balance[:savings] -= 30
    halfway << true
    finish.pop # (1)!
    balance[:wallet] += 30
  end
end

halfway.pop
puts "parent: locked? #{mutex.locked?}"
pid = fork do
  puts "child: locked? #{mutex.locked?}"
  mutex.synchronize { puts "child: #{balance.values.sum}" }
end
Process.wait(pid)
finish << true # (2)!
worker.join
puts "parent: #{balance.values.sum}"
